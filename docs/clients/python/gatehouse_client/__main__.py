"""`python -m gatehouse_client` is `gatehouse`."""

from gatehouse_client.command import main

if __name__ == "__main__":
    main()
