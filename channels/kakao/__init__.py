"""KakaoTalk: the skill server that i Open Builder calls with what a person writes to the channel.

Here is how the request is read, how turns become KakaoTalk's bubbles, and what happens when five seconds are too short.
What Naru says is not decided here.
"""

from channels.kakao.skill import connect

__all__ = ["connect"]
