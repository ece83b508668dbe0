-- Prints what the run came to, a figure a line, in seconds.
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print("bench requests " .. summary.requests)
  print("bench failures " .. failures)
  print("bench seconds " .. summary.duration / 1e6)
  print("bench p50 " .. latency:percentile(50) / 1e6)
  print("bench p99 " .. latency:percentile(99) / 1e6)
end
