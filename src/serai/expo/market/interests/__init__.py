"""The market: what is offered and looked for, and answers to it, also where the other side stays unnamed."""
