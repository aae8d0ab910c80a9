"""Operations of the interface: chains and who stands where, and the chains that an organisation writes itself."""
