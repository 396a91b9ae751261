"""The words around tasks, in the languages of the lessons."""

WORDS = {
    "scene": {
        "en": "You work in the namespace `{namespace}`. The lesson takes about {minutes} minutes and "
        "{memory} MiB of memory. Set up your terminal:",
        "ko": "네임스페이스 `{namespace}`에서 실습합니다. 약 {minutes}분이 걸리고, 메모리를 {memory}MiB쯤 사용합니다. "
        "터미널에서 먼저 다음 명령을 실행하세요.",
    },
    "left_out": {
        "en": "Not possible here, and left out: {names}",
        "ko": "여기서는 할 수 없어 뺀 과제: {names}",
    },
    "question": {"en": "Predict: {question}", "ko": "예측: {question}"},
    "number": {"en": "NUMBER", "ko": "숫자"},
    "predicted": {"en": "Your prediction: {answer}", "ko": "내 예측: {answer}"},
    "measured": {
        "en": "You predicted: {predicted}. Measured: {measured}",
        "ko": "예측: {predicted}. 측정: {measured}",
    },
    "measured_only": {"en": "Measured: {measured}", "ko": "측정: {measured}"},
    "seen": {"en": "seen: {seen}", "ko": "실제 결과: {seen}"},
    "puzzle": {"en": "puzzle, grade {grade}", "ko": "고장 찾기, {grade}단계"},
    "next": {"en": "next", "ko": "다음"},
    "no_hints": {"en": "There are no hints for this task.", "ko": "이 과제에는 힌트가 없습니다."},
    "resetting": {"en": "Preparing the task", "ko": "과제를 준비하는 중"},
    "ending": {"en": "Removing what the lesson made", "ko": "수업에서 만든 것을 삭제하는 중"},
    "unpublished": {
        "en": "The teacher does not see this yet: {reason}",
        "ko": "선생님 화면에는 아직 보이지 않습니다: {reason}",
    },
    "finished": {"en": "This was the last task.", "ko": "마지막 과제까지 마쳤습니다."},
    "on_host": {"en": "On {host}, as root ({command}):", "ko": "{host}에서 root로({command}):"},
    "puzzle_name": {"en": "PUZZLE", "ko": "고장"},
    "lesson": {"en": "LESSON", "ko": "수업"},
    "grade": {"en": "GRADE", "ko": "단계"},
    "task": {"en": "TASK", "ko": "과제"},
    "title": {"en": "TITLE", "ko": "제목"},
    "state": {"en": "STATE", "ko": "상태"},
    "checks": {"en": "CHECKS", "ko": "확인"},
    "hints": {"en": "HINTS", "ko": "힌트"},
    "done": {"en": "done", "ko": "완료"},
    "solved": {"en": "solution used", "ko": "풀이 사용"},
    "open": {"en": "open", "ko": "진행 중"},
    "new": {"en": "-", "ko": "-"},
}
