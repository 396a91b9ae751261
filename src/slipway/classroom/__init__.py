"""Classes on a lab: the board, the place of a student, signed results."""
