"""The model engine: pages are classified by any chat model that speaks OpenAI's protocol."""
