"""Forums and sessions: releases, conflicts, sign-up, schedule formats."""
