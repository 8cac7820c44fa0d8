"""Every term, label and refusal code, with its sentence and its way out."""
