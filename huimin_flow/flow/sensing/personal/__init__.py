"""What names people: who reads an appeal, and what is erased (X1)."""
