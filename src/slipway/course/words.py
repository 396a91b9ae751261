"""The words of the course pages around the texts of the lessons."""

WORDS = {
    "course": {
        "en": "Container orchestration by hand",
        "ko": "직접 해 보는 컨테이너 오케스트레이션",
    },
    "lessons": {"en": "Lessons", "ko": "수업"},
    "lesson": {"en": "Lesson", "ko": "수업"},
    "puzzles": {"en": "Puzzles", "ko": "고장 찾기"},
    "puzzles_about": {
        "en": "Each puzzle breaks something in your lab. You see only the symptom. Any repair is accepted.",
        "ko": "실습 환경에 고장을 내고 증상만 알려 줍니다. 어떤 방법으로 고쳐도 됩니다.",
    },
    "about": {
        "en": "Twelve lessons and a final exam on a real cluster. You work in your own terminal, and "
        "`{command} lesson check` looks at the outcome.",
        "ko": "실제 클러스터에서 하는 열두 가지 수업과 최종 시험입니다. 명령은 자신의 터미널에 입력하고, "
        "`{command} lesson check`가 그 결과를 확인합니다.",
    },
    "problems": {"en": "Mistakes in this lesson", "ko": "이 수업에서 고칠 점"},
    "begin": {"en": "Begin in your terminal:", "ko": "터미널에서 다음 명령으로 시작합니다."},
    "tasks": {"en": "tasks", "ko": "과제"},
    "minutes": {"en": "min", "ko": "분"},
    "task": {"en": "Task", "ko": "과제"},
    "puzzle": {"en": "Puzzle", "ko": "고장 찾기"},
    "grade": {"en": "grade", "ko": "난이도"},
    "predict": {"en": "Predict", "ko": "예측"},
    "expected": {"en": "Done when", "ko": "완료 조건"},
    "hint": {"en": "Hint", "ko": "힌트"},
    "solution": {"en": "Solution", "ko": "풀이"},
    "proves": {"en": "What the demonstration checks", "ko": "시연에서 확인하는 내용"},
    "copy": {"en": "Copy", "ko": "복사"},
    "copied": {"en": "Copied", "ko": "복사했습니다"},
    "terminal": {"en": "In your terminal:", "ko": "터미널에서:"},
    "on_host": {"en": "On the host, as root ({command}):", "ko": "호스트에서 root로({command}):"},
    "search": {"en": "Search lessons, tasks and puzzles", "ko": "수업, 과제, 고장 찾기 검색"},
    "nothing": {"en": "Nothing was found.", "ko": "검색 결과가 없습니다."},
    "skip": {"en": "Skip to the content", "ko": "본문으로 건너뛰기"},
    "language": {"en": "한국어", "ko": "English"},
    "previous": {"en": "Previous", "ko": "이전"},
    "next": {"en": "Next", "ko": "다음"},
    "all": {"en": "All lessons", "ko": "전체 수업"},
    "done": {"en": "done", "ko": "완료"},
    "current": {"en": "current task", "ko": "진행 중인 과제"},
    "placeholders": {
        "en": "These pages were written without a lab, so values such as <registry> stand for those of your lab.",
        "ko": "실습 환경 없이 만든 페이지입니다. <registry> 같은 값은 실습 환경의 값을 뜻합니다.",
    },
    "seen": {"en": "seen", "ko": "실제 결과"},
    "contents": {"en": "Steps", "ko": "단계"},
    "terminal_name": {"en": "Terminal", "ko": "터미널"},
    "terminal_input": {"en": "Terminal input", "ko": "터미널 입력"},
    "terminal_keys": {
        "en": "Shift+F6 leaves the terminal.",
        "ko": "Shift+F6을 누르면 터미널에서 나옵니다.",
    },
    "terminal_reader": {"en": "Screen reader mode", "ko": "화면 낭독기 모드"},
    "terminal_wait": {
        "en": "The terminal is being prepared …",
        "ko": "터미널을 준비하고 있습니다 …",
    },
    "terminal_none": {"en": "No terminal:", "ko": "터미널을 쓸 수 없습니다:"},
    "terminal_ended": {
        "en": "The shell has ended. Enter starts a new one.",
        "ko": "셸이 끝났습니다. Enter를 누르면 새 셸을 시작합니다.",
    },
    "terminal_lost": {
        "en": "The server of this page does not answer. Enter tries again.",
        "ko": "이 페이지의 서버가 응답하지 않습니다. Enter를 누르면 다시 연결합니다.",
    },
}
