// Shows the widest of several SVGs that fits; the page's theme colours it through --st-*.
const observers = new WeakMap()

export default function ({ data, parentElement }) {
  const figure = parentElement.querySelector("figure")
  figure.setAttribute("aria-label", data.label)
  const drawings = data.drawings.map(svg =>
    document.importNode(
      new DOMParser().parseFromString(svg, "image/svg+xml").documentElement,
      true
    )
  )

  function fit() {
    const fitting = drawings.find(svg => svg.getAttribute("width") <= figure.clientWidth)
    const chosen = fitting ?? drawings.at(-1)
    if (figure.firstElementChild !== chosen) figure.replaceChildren(chosen)
  }

  observers.get(parentElement)?.disconnect()
  const observer = new ResizeObserver(fit)
  observers.set(parentElement, observer)
  observer.observe(figure)
  fit()
  return () => observer.disconnect()
}
