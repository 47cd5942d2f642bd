using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Drills;

/// <summary>A worker's container that carries no flow: started and stopped while the flows of the others go on.</summary>
internal sealed class SpareContainer(VproxLab lab, LabWorker worker)
{
    private readonly LabContainer _container = worker.Containers[^1];
    private readonly string _id = $"{worker.Containers[^1].Name}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>Starts it as a scheduler does, waits for its path, and looks which address the internet sees.</summary>
    /// <returns>What went wrong; null when it leaves with its address.</returns>
    public async Task<string?> StartAsync(string proxyId, string address, TimeSpan within, CancellationToken cancel)
    {
        try
        {
            var answer = await lab.Scheduler.StartContainerAsync(_id, _container, proxyId, within, cancel);
            if (answer.Exchange != "vprox.container-routed")
                return $"{_container.Name} was refused: {answer.Json}";
            var seen = await _container.SeenAddressAsync(cancel);
            return seen == address ? null : $"{_container.Name} was seen as {seen} and not as {address}";
        }
        catch (Exception failure) when (failure is LabException or HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return $"{_container.Name} for {address}: {failure.Message.Split('\n')[0]}";
        }
    }

    public Task StopAsync(CancellationToken cancel) => lab.Scheduler.StopContainerAsync(_id, worker.WorkerId, cancel);
}
