# chrome
