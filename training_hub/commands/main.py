"""The `training-hub` command. Results go to stdout and messages to stderr. Status: 0 done, 1 failed, 2 wrong usage.

A command is a module of this package with two functions: `arguments` says what it takes, `run` does it. Only the
module of the command that was given is imported, so that it starts without loading what others need.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from training_hub.commands.console import keep_traceback, say
from training_hub.errors import Refused

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "build a demonstration with invented people, and serve it"),
    "serve": ("serve", "serve the pages and run the background worker"),
    "worker": ("worker", "run the background worker by itself"),
    "upgrade": ("upgrade", "set the database up, or bring it to this version"),
    "import": ("bring_in", "store bookings from a CSV or XLSX file"),
    "report": ("report", "write the programme's figures for a period"),
    "backup": ("backup", "write a consistent copy of the SQLite database"),
    "restore": ("restore", "replace the SQLite database with a backup"),
    "sign-in-link": ("sign_in_link", "print a link that signs one person in"),
    "add-person": ("add_person", "add a person, with the roles they have"),
}
"""Each command, its module, and what it does in a few words."""

SETTINGS = """\
settings, taken from the environment:
  TRAINING_HUB_DATA             folder for the database and the secret key (training-hub-data)
  TRAINING_HUB_DATABASE_URL     postgresql://user@host/name, or SQLite in that folder
  TRAINING_HUB_BASE_URL         address at which people reach the pages
  TRAINING_HUB_SECRET_KEY       at least 32 characters; otherwise one is made and kept in the folder
  TRAINING_HUB_PARTNERSHIP      the partnership's name
  TRAINING_HUB_CONTACT_EMAIL    where people can ask for help
  TRAINING_HUB_MAIL_SERVER, _MAIL_PORT, _MAIL_SECURITY (starttls, tls, none),
  TRAINING_HUB_MAIL_USERNAME, _MAIL_PASSWORD, _MAIL_FROM
                                how emails are sent; without a server they stay in the outbox
  TRAINING_HUB_TRUSTED_PROXIES  how many proxies are in front of the server (0)

exit status: 0 done, 1 failed, 2 wrong usage
"""


def main(given: Sequence[str] | None = None) -> int:
    """Run the given command and return its exit status."""
    words = list(sys.argv[1:] if given is None else given)
    parser = _parser(words)
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        import_module(f"training_hub.commands.{COMMANDS[options.command][0]}").run(options)
        sys.stdout.flush()
    except Refused as refusal:
        say(str(refusal))
        return 1
    except BrokenPipeError:
        # The reader of our output has gone. Without this, Python would report the broken pipe again on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 1
    except OSError as error:
        say(_sentence_for(error))
        return 1
    except Exception as error:
        say(
            f"Something went wrong that should not have ({error!r:.200}): the details are in {keep_traceback()}."
        )
        return 1
    return 0


def _sentence_for(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"The system says: {reason}."


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="training-hub",
        description="Run the training of a Safeguarding Children Partnership.\n"
        "Try “training-hub demo” first, and “training-hub COMMAND --help” for what a command takes.",
        epilog=SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Training Hub {version('training-hub')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, (module_name, summary) in COMMANDS.items():
        if name != chosen:
            commands.add_parser(name, help=summary)
            continue
        module = import_module(f"training_hub.commands.{module_name}")
        module.arguments(
            commands.add_parser(
                name,
                help=summary,
                description=module.__doc__,
                formatter_class=argparse.RawDescriptionHelpFormatter,
                allow_abbrev=False,
            )
        )
    return parser
