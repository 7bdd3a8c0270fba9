"""The `training-hub` command. Results go to stdout and messages to stderr. Status: 0 done, 1 failed, 2 wrong usage.

A command is a module of this package with two functions: `arguments` says what it takes, `run` does it. Only the
module of the command that was given is imported, so that it starts without loading what others need.
"""
