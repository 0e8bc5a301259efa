"""Names and numbers that the scripts share.

Author: you. Date: today.
"""

SEED = 42
