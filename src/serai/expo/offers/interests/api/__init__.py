"""Operations of the interface: expressions of interest, and quotations in answer to one."""
