"""``python -m kapteam``: the command line without its script."""

from kapteam.cli.main import main

if __name__ == "__main__":
    main()
