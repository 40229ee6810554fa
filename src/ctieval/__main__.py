"""``python -m ctieval``, for machines where the command is not on the path."""

from ctieval.cli.main import run

if __name__ == "__main__":
    run()
