"""What runs inside of the sandbox, in the submission's environment: the standard library only."""
