from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError


def test_error_carries_its_message_and_result_fields():
    error = SlipwayError("it broke", failures=["a"], status=404)
    assert (str(error), error.message) == ("it broke", "it broke")
    assert error.result == {"failures": ["a"], "status": 404}


def test_text_follows_the_message():
    error = SlipwayError("it broke")
    error.message += "; nothing was changed"
    assert str(error) == "it broke; nothing was changed"
