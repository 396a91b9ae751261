# Starts the shell of a page: the user's own settings first, because those of the lesson must win.
[ ! -r ~/.bashrc ] || . ~/.bashrc
eval "$SLIPWAY_LESSON"
unset SLIPWAY_LESSON
