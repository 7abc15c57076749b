"""The picture that other sites and chats show beside a link to an advisory (Open Graph): 1200 by 630 pixels, PNG."""
