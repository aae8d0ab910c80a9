"""The meeting of two participants: their wishes, who may ask whom, its states, and who may read its time."""
