// A page that is opened from a file may start no worker. There the worker's script,
// which searches, runs in a hidden frame that exchanges the same messages.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.answer = (data) =>
        queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data })));
      frame.srcdoc =
        "<script>postMessage = (data) => frameElement.answer(data)</script>" +
        `<script src="${address}"></script>`;
      this.loaded = new Promise((done) => (frame.onload = () => done(frame)));
      document.body.append(frame);
    }

    postMessage(data) {
      this.loaded.then((frame) =>
        frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })),
      );
    }
  };
}
