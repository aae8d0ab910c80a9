"""Operations of the interface in this room."""
