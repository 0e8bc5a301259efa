"""Lessons for a learner, and grades for a capstone that somebody else wrote."""
