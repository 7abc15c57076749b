"""The front door: settings, sign-in, addresses, start-up. It wires the rooms and decides nothing about incidents."""
