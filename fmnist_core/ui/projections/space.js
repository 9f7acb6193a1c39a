// Clouds in three dimensions, turned together; an image under the pointer is ringed in all of them.
const REACH = 10 // pixels from the pointer to the image it means
const TURN = 0.01 // radians a pixel
const STEP = 0.15 // radians an arrow key
const views = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  // A rerun draws the same element anew: the reader's turn stays.
  const view = views.get(parentElement) ?? { yaw: 0.6, pitch: 0.35, zoom: 1.5, only: null }
  views.set(parentElement, view)
  view.stop?.()
  const root = parentElement.querySelector(".spaces")
  root.setAttribute("aria-label", data.label)
  const tip = root.querySelector(".tip")
  const panels = data.panels.map(panel => ({ ...panel, points: decoded(panel.points) }))
  let hovered = -1
  let frame = 0

  const canvases = panels.map(panel => {
    const figure = document.createElement("figure")
    figure.className = "panel"
    const caption = document.createElement("figcaption")
    const title = document.createElement("strong")
    title.textContent = panel.title
    caption.append(title, document.createElement("br"), panel.subtitle)
    const canvas = document.createElement("canvas")
    canvas.tabIndex = 0
    canvas.setAttribute("role", "img")
    canvas.setAttribute("aria-label", `${panel.title}: ${panel.subtitle}. Arrow keys turn it.`)
    figure.append(caption, canvas)
    listen(canvas, panel)
    return canvas
  })
  const grid = root.querySelector(".panels")
  grid.classList.toggle("single", panels.length === 1)
  grid.replaceChildren(...canvases.map(canvas => canvas.parentElement))
  const legend = root.querySelector(".legend")
  legend.replaceChildren(...data.names.map(legendEntry))

  function legendEntry(name, label) {
    const button = document.createElement("button")
    const dot = document.createElement("i")
    dot.style.background = data.colors[label]
    button.append(dot, name)
    button.setAttribute("aria-pressed", String(view.only === label))
    button.onclick = () => {
      view.only = view.only === label ? null : label
      legend.querySelectorAll("button").forEach((other, i) =>
        other.setAttribute("aria-pressed", String(view.only === i))
      )
      redraw()
    }
    return button
  }

  function redraw() {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => canvases.forEach((canvas, i) => draw(canvas, panels[i])))
  }

  // Where every image of a panel stands on its canvas, and how near it is.
  function projected(canvas, { points }) {
    const n = data.indices.length
    const [sx, cx] = [Math.sin(view.yaw), Math.cos(view.yaw)]
    const [sy, cy] = [Math.sin(view.pitch), Math.cos(view.pitch)]
    const middle = [canvas.clientWidth / 2, canvas.clientHeight / 2]
    const scale = (0.95 * view.zoom * Math.min(...middle)) / 32767
    const place = { x: new Float32Array(n), y: new Float32Array(n), depth: new Float32Array(n) }
    for (let i = 0; i < n; i++) {
      const [x, y, z] = [points[3 * i], points[3 * i + 1], points[3 * i + 2]]
      const across = x * cx + z * sx
      const away = z * cx - x * sx
      place.x[i] = middle[0] + scale * across
      place.y[i] = middle[1] - scale * (y * cy - away * sy)
      place.depth[i] = away * cy + y * sy
    }
    return place
  }

  function draw(canvas, panel) {
    const ratio = window.devicePixelRatio || 1
    canvas.width = Math.round(canvas.clientWidth * ratio)
    canvas.height = Math.round(canvas.clientHeight * ratio)
    const pen = canvas.getContext("2d")
    pen.scale(ratio, ratio)
    const place = projected(canvas, panel)
    const order = Array.from(place.depth.keys()).sort((a, b) => place.depth[b] - place.depth[a])
    for (const i of order) {
      const label = data.labels[i]
      pen.globalAlpha = view.only === null || view.only === label ? 0.75 : 0.07
      pen.fillStyle = data.colors[label]
      const side = place.depth[i] < 0 ? 3.4 : 2.4 // nearer ones are larger
      pen.fillRect(place.x[i] - side / 2, place.y[i] - side / 2, side, side)
    }
    pen.globalAlpha = 1
    pen.strokeStyle = getComputedStyle(root).color
    for (const [i, radius] of [[hovered, 6], [data.indices.indexOf(data.ringed), 8]]) {
      if (i < 0) continue
      pen.lineWidth = radius / 3
      pen.beginPath()
      pen.arc(place.x[i], place.y[i], radius, 0, 2 * Math.PI)
      pen.stroke()
    }
  }

  function nearest(canvas, panel, event) {
    const place = projected(canvas, panel)
    const box = canvas.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    let best = -1
    let least = REACH * REACH
    for (let i = 0; i < place.x.length; i++) {
      if (view.only !== null && data.labels[i] !== view.only) continue
      const distance = (place.x[i] - x) ** 2 + (place.y[i] - y) ** 2
      if (distance < least) [best, least] = [i, distance]
    }
    return best
  }

  function point(i, panel, event) {
    if (i !== hovered) {
      hovered = i
      redraw()
    }
    tip.hidden = i < 0
    if (i < 0) return
    const lines = [data.names[data.labels[i]], `Image ${data.indices[i]}`]
    if (panel.answers) lines.splice(1, 0, `The network says ${data.names[panel.answers[i]]}`)
    tip.replaceChildren(
      ...lines.map(line => {
        const row = document.createElement("div")
        row.textContent = line
        return row
      })
    )
    if (data.pictures) {
      const image = document.createElement("img")
      image.alt = ""
      image.src = `data:image/png;base64,${data.pictures[i]}`
      tip.append(image)
    }
    tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - 190)}px`
    tip.style.top = `${Math.min(event.clientY + 14, window.innerHeight - 160)}px`
  }

  function listen(canvas, panel) {
    let from = null
    let moved = false
    canvas.onpointerdown = event => {
      from = [event.clientX, event.clientY]
      moved = false
      canvas.setPointerCapture(event.pointerId)
    }
    canvas.onpointermove = event => {
      if (!from) return point(nearest(canvas, panel, event), panel, event)
      const [right, down] = [event.clientX - from[0], event.clientY - from[1]]
      if (!moved && Math.hypot(right, down) < 4) return
      moved = true
      point(-1, panel, event)
      from = [event.clientX, event.clientY]
      turn(TURN * right, TURN * down)
    }
    canvas.onpointerup = event => {
      const picked = from && !moved ? nearest(canvas, panel, event) : -1
      from = null
      if (picked >= 0) setTriggerValue("picked", data.indices[picked])
    }
    canvas.onpointercancel = () => (from = null)
    canvas.onpointerleave = event => point(-1, panel, event)
    canvas.onkeydown = event => {
      const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }
      if (by[event.key]) {
        turn(...by[event.key])
        event.preventDefault()
      } else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.2 : 1 / 1.2)
    }
    // The plain wheel scrolls the page.
    canvas.onwheel = event => {
      if (!event.ctrlKey) return
      event.preventDefault()
      zoom(Math.exp(-0.005 * event.deltaY))
    }
  }

  function turn(right, down) {
    view.yaw += right
    view.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, view.pitch + down))
    redraw()
  }

  function zoom(factor) {
    view.zoom = Math.max(0.5, Math.min(12, view.zoom * factor))
    redraw()
  }

  const observer = new ResizeObserver(redraw)
  observer.observe(root)
  view.stop = () => {
    observer.disconnect()
    cancelAnimationFrame(frame)
  }
  redraw()
  return view.stop
}

function decoded(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  return new Int16Array(bytes.buffer)
}
