"""What an assistant is offered, whoever answers: tools, resources, and calls of another site."""
