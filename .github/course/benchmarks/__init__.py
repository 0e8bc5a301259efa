"""What grading costs, measured."""
