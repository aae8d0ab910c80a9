"""Marks of Chinese are full-width, and no space follows them; what a form sends back stays as it was written."""

import pytest

from serai.expo.site.web.pages.middleware import with_chinese_marks

SET = {
    "<li>智能汽车链: <b>74</b></li>": "<li>智能汽车链：<b>74</b></li>",
    "<dt>语言： 简体中文</dt>": "<dt>语言：简体中文</dt>",
    "<p>已成稿。 <a href='/'>查看</a></p>": "<p>已成稿。<a href='/'>查看</a></p>",
    "<summary><span>我的工作台</span>: 线索</summary>": "<summary><span>我的工作台</span>：线索</summary>",
    "<p>成员资格未核实： <span>老挝</span>.</p>": "<p>成员资格未核实：<span>老挝</span>。</p>",
    "<li>2026年12月8日, 09:30</li>": "<li>2026年12月8日，09:30</li>",
    "<option>1–25 %</option>": "<option>1–25%</option>",
}
UNTOUCHED = (
    "<p>Baoji 公司 Co., Ltd. 2.5 米 v1.0</p>",
    "<p>Serai: the fair. At 10:30, 5 of 7</p>",
    "<textarea>备注: 两行。 下一行</textarea>",
    '<input name="note" value="备注: 两行。 下一行">',
    "<script>show('共: 3')</script>",
    "<td><code>说明: x</code></td>",
)


@pytest.mark.parametrize("written", SET)
def test_a_page_in_chinese_is_set_as_chinese_is(written: str) -> None:
    assert with_chinese_marks(written) == SET[written]


@pytest.mark.parametrize("written", UNTOUCHED)
def test_other_texts_and_what_is_sent_back_stay(written: str) -> None:
    assert with_chinese_marks(written) == written
