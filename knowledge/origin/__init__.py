"""Rules of origin: what they are, how they are written down, and whether a product meets one.

The expression language (``rule.lark``) and its tree (``rule.py``), agreements (``agreement.py``), and the
evaluation of one product against one agreement (``engine.py``). Nothing here knows of conversations.
"""
