"""Fail where a test was skipped, or none ran of a folder: this run provides for everything."""

import sys
import xml.etree.ElementTree as ElementTree


def main(file: str, folder: str) -> int:
    """Exit status: 1 where something was left out that should have run."""
    cases = list(ElementTree.parse(file).getroot().iter("testcase"))
    skipped = [
        (f"{case.get('classname')}::{case.get('name')}", case.find("skipped").get("message", ""))
        for case in cases
        if case.find("skipped") is not None
    ]
    for name, why in skipped:
        sys.stderr.write(f"skipped, and should have run: {name}: {why}\n")
    if not any(f".{folder}." in str(case.get("classname")) for case in cases):
        sys.stderr.write(f"no test of tests/{folder} was collected\n")
        return 1
    return 1 if skipped else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
