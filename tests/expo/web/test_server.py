"""What a process of the web server has done before it answers."""

import gc


def test_a_page_does_not_wait_while_all_that_is_loaded_is_looked_through_for_garbage() -> None:
    from serai.expo.wsgi import application  # what is frozen by it is let go below

    try:
        assert callable(application)
        assert gc.get_freeze_count() > 50_000
    finally:
        gc.unfreeze()
