"""`python -m tests.faults [--seed N] [--short] [--mode served|embedded]`: notices and mails through kills."""

import argparse
import secrets
import sys
from pathlib import Path

from tests.faults.trial import FULL, SHORT, Plan, check, run
from tests.faults.victims import servers
from tests.services import REQUIRE_ALL


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--short", action="store_true", help="fewer deadlines, half a minute of kills")
    parser.add_argument("--mode", choices=["served", "embedded"], help="only this one")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="where to put the logs of the processes")
    asked = parser.parse_args()
    failed = False
    for mode in [asked.mode] if asked.mode else ["served", "embedded"]:
        if mode == "served" and servers().missing:
            say(f"Left out: {mode} ({servers().missing})")
            failed |= REQUIRE_ALL
            continue
        plan = Plan(mode=mode, seed=asked.seed, **(SHORT if asked.short else FULL))
        say(f"{mode}, seed {plan.seed}: {plan.deadlines} due deadlines, {plan.kills} kills")
        outcome = run(plan, say, asked.logs)
        say(outcome.summary())
        try:
            check(outcome)
        except AssertionError as error:
            say(f"FAILED: {error}")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
