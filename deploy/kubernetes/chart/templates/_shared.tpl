{{/* The name of everything that is the app's; the collector's has -collector behind it. */}}
{{- define "tomoni.name" -}}
{{- if contains "tomoni" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-tomoni" (.Release.Name | trunc 43 | trimSuffix "-") }}{{ end -}}
{{- end }}

{{/* What tells the pods of a part (app, collector) from others. Called with the root and the part. */}}
{{- define "tomoni.selector" -}}
app.kubernetes.io/name: tomoni
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "tomoni.labels" -}}
{{ include "tomoni.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Every file of the configuration by its path, as JSON (YAML would lose the last newline): the chart's own, and those of the values. */}}
{{- define "tomoni.files" -}}
{{- $files := dict }}
{{- range $path, $_ := .Files.Glob "config/**" }}{{ $_ := set $files (trimPrefix "config/" $path) ($.Files.Get $path) }}{{ end }}
{{- range $path, $text := .Values.config.files }}{{ $_ := set $files $path $text }}{{ end }}
{{- toJson $files }}
{{- end }}

{{/* A pod without rights, on a read-only root. Called with the root, the part, and the container's own lines. */}}
{{- define "tomoni.pod" -}}
{{- $name := include "tomoni.name" .root -}}
metadata:
  labels: {{- include "tomoni.labels" . | nindent 4 }}
  annotations:
    # What changed is of another name for the pods: they are replaced one by one.
    checksum/config: {{ include "tomoni.files" .root | sha256sum }}
    checksum/settings: {{ toJson .root.Values.settings | sha256sum }}
    {{- with .root.Values.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
  # Until nobody is led here any more, and for what runs then.
  terminationGracePeriodSeconds: {{ add 40 (get .root.Values.settings "TOMONI_DRAIN_SECONDS" | default "5" | ceil) }}
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "tomoni.selector" . | nindent 10 }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .part }}
      image: {{ printf "%s:%s" .root.Values.image.repository (.root.Values.image.tag | default .root.Chart.AppVersion) | quote }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      envFrom: [{configMapRef: {name: {{ $name }}-settings}}]
      {{- .own | nindent 6 }}
      startupProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 60}
      livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
      readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 5, timeoutSeconds: 5}
      resources: {{- toYaml (index .root.Values .part).resources | nindent 8 }}
      securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumeMounts:
        - {name: config, mountPath: /app/config, readOnly: true}
        - {name: secret, mountPath: /run/tomoni, readOnly: true}
        - {name: tmp, mountPath: /tmp}
        - {name: data, mountPath: /app/data}
  volumes:
    - name: config
      configMap:
        name: {{ $name }}-config
        items:
          {{- range $path, $_ := include "tomoni.files" .root | fromJson }}
          - {key: {{ $path | replace "/" "." | quote }}, path: {{ $path | quote }}}
          {{- end }}
    - {name: secret, secret: {secretName: {{ .root.Values.secret | quote }}}}
    - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
    - {name: data, emptyDir: {sizeLimit: 1Gi}}
{{- end }}

{{- define "tomoni.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "tomoni.name" .root }}{{ if eq .part "collector" }}-collector{{ end }}
  labels: {{- include "tomoni.labels" . | nindent 4 }}
spec:
  # With one replica it may be moved; with more, one stays.
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "tomoni.selector" . | nindent 6 }}
{{- end }}
