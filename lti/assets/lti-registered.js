// The platform's page waits for this message to close the frame or the window (Dynamic
// Registration 1.0, 3.6). It says nothing secret, and the platform's origin is not known here.
const opener = window.opener ?? window.parent;
if (opener !== window) {
  opener.postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
}
