// Signs of the map, drawn once each: the shape of a family, and the ring of a group with its number.
const RATIO = 2;
const SHAPES = {
  association: "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14Z",
  cooperative: "M5.4 1.8Q5.4.8 6.4.8h3.2q1 0 1 1v3.6h3.6q1 0 1 1v3.2q0 1-1 1h-3.6v3.6q0 1-1 1H6.4q-1 0-1-1v-3.6H1.8q-1 0-1-1V6.4q0-1 1-1h3.6Z",
  mutual: "M7.3.9q.7-.6 1.4 0l6.4 6.4q.6.7 0 1.4l-6.4 6.4q-.7.6-1.4 0L.9 8.7q-.6-.7 0-1.4Z",
  foundation: "M2.5 1.5h11q1 0 1 1v11q0 1-1 1h-11q-1 0-1-1v-11q0-1 1-1Z",
  ess_company: "M7.1 1.6q.9-1.4 1.8 0l6.2 11.2q.7 1.5-.9 1.6H1.8q-1.6-.1-.9-1.6Z",
};
const OTHER = "M1 2h14L8 15Z";
const SIZES = { petit: 32, moyen: 40, grand: 50 };

// « famille:mutual:vrai », « groupe:80000000:1,2 k:moyen »: the names that the style asks for.
export function drawMark(id, colours, families) {
  const [kind, ...rest] = id.split(":");
  if (kind === "famille") return family(rest[0], rest[1] === "vrai", colours);
  if (kind === "groupe") return group(rest[0], rest[1], SIZES[rest[2]] ?? SIZES.petit, colours, families);
  return null;
}

function canvas(size) {
  const element = document.createElement("canvas");
  element.width = element.height = size * RATIO;
  const pen = element.getContext("2d");
  pen.scale(RATIO, RATIO);
  return pen;
}

function image(pen) {
  const { width, height } = pen.canvas;
  return { data: pen.getImageData(0, 0, width, height), ratio: RATIO };
}

function family(name, approximate, colours) {
  const pen = canvas(22);
  pen.translate(3, 3);
  const path = new Path2D(SHAPES[name] ?? OTHER);
  pen.lineWidth = 4;
  pen.strokeStyle = colours.surface;
  pen.stroke(path);
  const colour = colours[`family-${name}`] ?? colours["ink-soft"];
  if (approximate) {
    pen.fillStyle = colours.surface;
    pen.fill(path);
    pen.lineWidth = 2;
    pen.strokeStyle = colour;
    pen.stroke(path);
  } else {
    pen.fillStyle = colour;
    pen.fill(path);
  }
  return image(pen);
}

function group(parts, label, size, colours, families) {
  const pen = canvas(size);
  const middle = size / 2;
  const radius = middle - 1;
  pen.fillStyle = colours.surface;
  circle(pen, middle, radius + 1);
  let turn = -Math.PI / 2;
  [...parts].forEach((part, rank) => {
    const angle = (Number(part) / 8) * 2 * Math.PI;
    if (!angle) return;
    pen.beginPath();
    pen.moveTo(middle, middle);
    pen.arc(middle, middle, radius, turn, turn + angle);
    pen.fillStyle = colours[`family-${families[rank]}`] ?? colours["ink-soft"];
    pen.fill();
    turn += angle;
  });
  pen.fillStyle = colours.surface;
  circle(pen, middle, radius - 5);
  pen.fillStyle = colours.ink;
  pen.font = `600 ${label.length > 4 ? 11 : 13}px "Atkinson Hyperlegible Next", system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(label, middle, middle + 0.5);
  return image(pen);
}

function circle(pen, middle, radius) {
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fill();
}
