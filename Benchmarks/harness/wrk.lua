-- Prints what the run came to, a figure a line, in seconds.
function done(summary, latency)
  local errors = summary.errors
  print("bench requests " .. summary.requests)
  for _, kind in ipairs({ "connect", "read", "write", "status", "timeout" }) do
    print("bench failure-" .. kind .. " " .. errors[kind])
  end
  print("bench seconds " .. summary.duration / 1e6)
  print("bench p50 " .. latency:percentile(50) / 1e6)
  print("bench p99 " .. latency:percentile(99) / 1e6)
end
