"""The `training-hub` command: results on stdout, all else on stderr; 0 done, 1 refused, 2 wrong usage.

A command is a module of this package with two functions: `arguments` says what it takes, `run` does it. Only the
module of the command that was given is imported, so that none waits for what another needs.
"""
