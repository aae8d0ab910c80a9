"""What is done with initiatives, signatures and commitments."""
