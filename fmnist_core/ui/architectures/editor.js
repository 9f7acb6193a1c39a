// A text area with line numbers that reports its text while the reader types.
const LINE = 21 // px, as in the style sheet
const PADDING = 10
const FEWEST = 10
const MOST = 30 // lines shown before it scrolls
const PAUSE = 250 // ms without a key before the text is reported

const editors = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const area = parentElement.querySelector("textarea")
  const editor = editors.get(parentElement) ?? { revision: null, timer: 0, sent: null }
  editors.set(parentElement, editor)

  function report() {
    clearTimeout(editor.timer)
    if (area.value === editor.sent) return
    editor.sent = area.value
    setStateValue("text", area.value)
  }

  function write(text) {
    // The only way to change a text area that its own undo (Ctrl+Z) takes back.
    area.focus()
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end")
      area.dispatchEvent(new Event("input"))
    }
  }

  // The page's text wins only when it is a new one; else what is being typed would be lost.
  if (editor.revision !== data.revision) {
    editor.revision = data.revision
    editor.sent = area.value = data.text
  }
  parentElement.querySelector("label").textContent = data.label
  draw(parentElement, area, data)

  area.oninput = () => {
    draw(parentElement, area, { ...data, line: 0 })
    clearTimeout(editor.timer)
    editor.timer = setTimeout(report, PAUSE)
  }
  area.onblur = report
  area.onscroll = () => place(parentElement, area, data)
  area.onkeydown = event => {
    event.stopPropagation() // the page has shortcuts of single letters
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return report()
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1
    const indent = area.value.slice(start, area.selectionStart).match(/^ */)[0]
    if (event.key === "Enter" && indent) {
      event.preventDefault()
      write("\n" + indent)
    }
  }

  const select = parentElement.querySelector("select")
  if (!select.options.length) {
    select.add(new Option("Insert a layer below the cursor", ""))
    for (const word of Object.keys(data.snippets)) select.add(new Option(word, word))
  }
  select.onkeydown = event => event.stopPropagation()
  select.onchange = () => {
    const text = data.snippets[select.value]
    select.value = ""
    if (text === undefined) return
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1
    const next = area.value.indexOf("\n", area.selectionStart)
    const end = next < 0 ? area.value.length : next
    const indent = area.value.slice(from, end).match(/^ */)[0]
    area.setSelectionRange(end, end)
    write((end ? "\n" : "") + text.replace(/^/gm, indent))
  }

  return () => clearTimeout(editor.timer)
}

function draw(root, area, data) {
  const lines = area.value.split("\n").length
  const numbers = Array.from({ length: lines }, (_, index) => {
    const number = document.createElement("span")
    number.textContent = index + 1 + "\n"
    if (index + 1 === data.line) number.className = "wrong"
    return number
  })
  root.querySelector(".numbers").replaceChildren(...numbers)
  const shown = Math.min(Math.max(lines, FEWEST), MOST) + 1
  area.style.height = root.querySelector(".numbers").style.height =
    shown * LINE + 2 * PADDING + "px"
  root.querySelector(".numbers").style.boxSizing = "border-box"
  area.setAttribute("aria-invalid", String(data.line > 0))
  root.querySelector("#problem").textContent = data.line > 0 ? data.problem : ""
  place(root, area, data)
}

function place(root, area, data) {
  root.querySelector(".numbers").scrollTop = area.scrollTop
  const mark = root.querySelector(".mark")
  mark.hidden = !(data.line > 0)
  mark.style.top = PADDING + (data.line - 1) * LINE - area.scrollTop + "px"
}
