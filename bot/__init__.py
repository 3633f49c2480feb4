"""The Rasa assistant: domain, rules, texts, language components, training and the runtime around a turn."""
