"""The programming interface: keys, operations, and events that are sent to other systems."""
