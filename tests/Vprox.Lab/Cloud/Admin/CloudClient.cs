using System.Net.Http.Json;
using Vprox.Lab.Cloud.Faults;
using Vprox.Lab.Cloud.Moves;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>A test's hand on the cloud: the /lab/ API, typed.</summary>
public sealed partial class CloudClient(HttpClient http)
{
    public async Task<CloudSettings> SettingsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<CloudSettings>("/lab/settings", cancel))!;

    /// <summary>Changes the settings: <c>SetAsync(s => s with { DescribeLagMs = 2000 })</c>.</summary>
    public async Task SetAsync(Func<CloudSettings, CloudSettings> change, CancellationToken cancel = default) =>
        (await http.PutAsJsonAsync("/lab/settings", change(await SettingsAsync(cancel)), cancel)).EnsureSuccessStatusCode();

    public async Task FailAsync(InjectedFault fault, CancellationToken cancel = default) =>
        (await http.PostAsJsonAsync("/lab/faults", fault, cancel)).EnsureSuccessStatusCode();

    /// <summary>Takes away all faults that were injected; settings stay.</summary>
    public async Task ClearFaultsAsync(CancellationToken cancel = default) =>
        (await http.DeleteAsync("/lab/faults", cancel)).EnsureSuccessStatusCode();

    /// <summary>From now on Describe* answers what is true now, whatever happens.</summary>
    public Task FreezeDescribeAsync(CancellationToken cancel = default) => PostAsync("/lab/describe/frozen", cancel);

    public Task ThawDescribeAsync(CancellationToken cancel = default) => SetAsync(settings => settings with { DescribeAsOf = null }, cancel);

    /// <summary>Makes IMDS misbehave towards one instance; a fault without delay and status ends it.</summary>
    public Task SetMetadataFaultAsync(string instanceId, MetadataFault fault, CancellationToken cancel = default) => SetAsync(
        settings => settings with { MetadataFaults = new Dictionary<string, MetadataFault>(settings.MetadataFaults) { [instanceId] = fault } }, cancel);

    /// <summary>Makes calls of an action slow ("*": all that are not named); <c>new Slowness()</c> ends it.</summary>
    public Task SlowAsync(string action, Slowness slowness, CancellationToken cancel = default) => SetAsync(
        settings => settings with { Slow = new Dictionary<string, Slowness>(settings.Slow) { [action] = slowness } }, cancel);

    /// <summary>
    /// Arms a hold: the <paramref name="nth"/> call of the action from now on will stop at the point until it is released. Dispose releases it.
    /// </summary>
    public async Task<HeldCall> HoldAsync(string action, int nth = 1, HoldPoint point = HoldPoint.Answer, CancellationToken cancel = default)
    {
        var answer = (await http.PostAsJsonAsync("/lab/holds", new HoldRequest(action, nth, point), cancel)).EnsureSuccessStatusCode();
        return new HeldCall(http, await answer.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Waits until the <paramref name="nth"/> call from now on stands at the point. See <see cref="HoldAsync"/> for a race-free one.</summary>
    public async Task<HeldCall> WaitForCallAsync(string action, int nth = 1, HoldPoint point = HoldPoint.Answer, CancellationToken cancel = default)
    {
        var call = await HoldAsync(action, nth, point, cancel);
        await call.ReachedAsync(cancel);
        return call;
    }

    public async Task<IReadOnlyList<ApiCall>> CallsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ApiCall>>("/lab/calls", cancel))!;

    /// <summary>How often an action was called since the log was last emptied.</summary>
    public async Task<int> CountAsync(string action, CancellationToken cancel = default) =>
        (await CallsAsync(cancel)).Count(call => call.Action == action);

    public async Task ForgetCallsAsync(CancellationToken cancel = default) =>
        (await http.DeleteAsync("/lab/calls", cancel)).EnsureSuccessStatusCode();

    public async Task<IReadOnlyList<ElasticIpView>> ElasticIpsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ElasticIpView>>("/lab/elastic-ips", cancel))!;

    /// <summary>Where IMDS and the data path have them by now.</summary>
    public async Task<IReadOnlyList<ElasticIpView>> EffectiveElasticIpsAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<ElasticIpView>>("/lab/elastic-ips/effective", cancel))!;

    /// <summary>What moved where since the log was last emptied, in the order EC2 decided it.</summary>
    public async Task<IReadOnlyList<AddressMove>> MovesAsync(CancellationToken cancel = default) =>
        (await http.GetFromJsonAsync<List<AddressMove>>("/lab/moves", cancel))!;

    public async Task ForgetMovesAsync(CancellationToken cancel = default) =>
        (await http.DeleteAsync("/lab/moves", cancel)).EnsureSuccessStatusCode();

    private async Task PostAsync(string path, CancellationToken cancel) =>
        (await http.PostAsync(path, null, cancel)).EnsureSuccessStatusCode();
}
