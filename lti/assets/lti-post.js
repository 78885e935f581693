// The form that brings the message to the tool posts itself.
document.getElementById('lti-post')?.submit();
