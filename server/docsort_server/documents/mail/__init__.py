"""Reading mails: the text first, then each attachment as further pages."""
