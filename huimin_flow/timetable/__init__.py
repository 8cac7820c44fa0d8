"""What is due when, the ledger of what was done, and the alarm clock."""
