"""Policies: the partnership's own rules about places, such as how much notice is free. What stands for the whole
partnership can be another for one course, and another again for one course date."""
