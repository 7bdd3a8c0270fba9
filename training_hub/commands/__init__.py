"""The `training-hub` command. Results go to stdout and messages to stderr. Status: 0 done, 1 failed, 2 wrong usage.

A command is a module of this package with two functions: `arguments` says what it takes, `run` does it. Imports
only the module of the given command, so that a command starts without loading what others need.
"""
