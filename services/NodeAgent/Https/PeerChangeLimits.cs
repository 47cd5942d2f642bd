namespace Vprox.NodeAgent.Https;

/// <summary>How many requests to /connect and /disconnect a node takes; what is beyond is told to come again in a second.</summary>
/// <param name="AtOnce">Handled at once: as many as go to the kernel together.</param>
/// <param name="Waiting">Waiting behind them: at some 800 connects a second, those are served within three seconds.</param>
public sealed record PeerChangeLimits(int AtOnce = Workers.ConnectBatches.Largest, int Waiting = 2048);
