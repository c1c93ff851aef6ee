// The synthetic pattern that stands in for a picture, for people who may not see one: drawn here,
// with nothing of the camera in it but its name.

const BARS = ['#b8b8b8', '#b8b83d', '#3db8b8', '#3db83d', '#b83db8', '#b83d3d', '#3d3db8'];

export function drawPattern(canvas: HTMLCanvasElement, name: string, at: Date, label: string): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const { width, height } = canvas;
  BARS.forEach((colour, i) => {
    pen.fillStyle = colour;
    pen.fillRect((i * width) / BARS.length, 0, width / BARS.length + 1, height * 0.6);
  });
  pen.fillStyle = '#101820';
  pen.fillRect(0, height * 0.6, width, height * 0.4);
  // One step a second shows that the page is alive without moving all the time.
  pen.fillStyle = '#e8eef2';
  pen.fillRect((at.getSeconds() * width) / 60, height * 0.6, width / 60, height * 0.04);
  pen.font = `600 ${Math.round(height * 0.065)}px system-ui, sans-serif`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.fillText(name, width * 0.04, height * 0.69, width * 0.92);
  pen.font = `${Math.round(height * 0.05)}px system-ui, sans-serif`;
  pen.fillText(`${label}  ${at.toLocaleTimeString('sv-SE')}`, width * 0.04, height * 0.77, width * 0.92);
}
