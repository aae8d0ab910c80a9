"""Letters of invitation for visas: what is asked of the traveller is printed and never kept."""
