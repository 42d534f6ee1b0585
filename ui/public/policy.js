// Counts what the window's content policy refuses, from the first byte on; tests read the number.
document.documentElement.dataset.policyViolations = "0";
document.addEventListener("securitypolicyviolation", function () {
  var seen = document.documentElement.dataset;
  seen.policyViolations = String(Number(seen.policyViolations) + 1);
});
